"""What an agency's own software is told over HTTPS: that something waits, never what or about whom."""
