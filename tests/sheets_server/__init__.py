"""A Google Sheets and Drive server for tests: real HTTP on loopback, replies learnt from recorded traffic."""
