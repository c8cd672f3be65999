"""The Graph face: Microsoft Graph v1.0 on the store that the EWS face stands on too.

``service`` takes a request and gives an answer; ``routing`` finds the route, and the modules in ``resources``
have the routes, a family of resources each. ``shape`` says how a thing of the store looks as JSON, ``query``
what the options of a request want of it.
"""
