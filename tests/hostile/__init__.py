"""Servers that mean harm, on real sockets: the whole audit stays bounded, honest and clean."""
