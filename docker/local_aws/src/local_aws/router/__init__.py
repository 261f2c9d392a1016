"""Test equipment for one machine: stands in for the AWS load balancer, with its rules, on one port.

It is never deployed. Its HTTP/1.1 client is its own (`upstream`), because an answer that comes before a body
has been sent, 413 or 408, must reach the client as it does through the real load balancer, and tests rely on
that.
"""
