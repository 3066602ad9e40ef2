"""What the end-to-end tests share: a client, a host process, and a county to work in."""
