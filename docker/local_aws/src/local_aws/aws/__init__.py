"""The embedded AWS: MiniStack with kept state, and the resources that Terraform creates elsewhere."""
