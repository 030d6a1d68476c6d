"""Who works at the desk: roles, the door (password and code), sessions."""
