"""What goes over the wire, in and out, one file a resource."""
