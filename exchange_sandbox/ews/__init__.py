"""The EWS face: SOAP requests on the store, answers as the published schemas have them."""
