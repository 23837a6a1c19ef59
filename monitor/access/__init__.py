"""Who may see what: roles, scope, policy, sessions."""
