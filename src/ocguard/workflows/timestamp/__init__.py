"""Trusted times: ask an authority for one, prove one, verify one."""
