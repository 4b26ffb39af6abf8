"""Watch a folder: protect what is dropped there, or check it, each file once."""
