"""Who may see and do what: one question, `authorize`, answered from live rows."""
