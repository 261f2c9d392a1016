"""What is answered: names, confidence, rejected candidates."""
