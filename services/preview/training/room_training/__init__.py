"""Trains what room detection has learned; nothing here runs in the service."""
