"""Pages and addresses: redirects, cookies, caching, what a page loads."""
