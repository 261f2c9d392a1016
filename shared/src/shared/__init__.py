"""Infrastructure of both services: HTTP, keys, logs, metrics, retries, AWS clients, the sandbox.

Of the product it knows only what both services must agree on: the scopes of API keys (`auth`), and that the
id of a job stands in the context of a request, under which every log line of either service can be found.
"""
