"""What stands in front of a site: Cloudflare, its rules, private pages in caches."""
