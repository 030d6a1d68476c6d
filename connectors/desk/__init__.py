"""The agents' desk: an application, a port and a host name of its own."""
