"""Who works on many pictures: processes of this machine, or a cluster; one interface for both."""
