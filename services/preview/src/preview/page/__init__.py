"""A file's bytes to one upright page image, its words, and the page with rooms drawn on it.

Runs in a child process of the sandbox: nothing here trusts the file, and whoever calls it limits its time.
"""
