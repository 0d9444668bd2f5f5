"""The phone page: a chat in the browser, as on a phone, served by this program itself."""
