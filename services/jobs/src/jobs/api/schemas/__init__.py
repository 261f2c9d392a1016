"""What goes over the wire, in and out, and how the documentation describes it: one module a resource."""
