"""Stands in for the load balancer: one port, the ALB's rules, streaming both ways."""
