"""The authority that signs persons and apps in (OAuth 2.0 and OpenID Connect, as Entra ID has them).

``service`` answers requests, ``tokens`` makes and reads access tokens, ``consent`` is what a person decides
about a device's code.
"""
