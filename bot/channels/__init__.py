"""Adapters between a channel's wire format and Incoming / Outgoing."""
