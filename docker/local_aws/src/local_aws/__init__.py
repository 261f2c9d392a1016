"""What stands in for AWS on a laptop: an emulator, a Textract simulator and the load balancer's rules."""
