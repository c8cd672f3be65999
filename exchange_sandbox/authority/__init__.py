"""The authority that signs persons and apps in (OAuth 2.0, OpenID Connect, as Microsoft Entra ID speaks them).

``service`` answers requests, ``tokens`` makes and reads access tokens, ``consent`` is what a person decides
about a device's code.
"""
