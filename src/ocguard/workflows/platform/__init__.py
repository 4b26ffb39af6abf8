"""What platforms do: simulate an upload, measure a real one."""
