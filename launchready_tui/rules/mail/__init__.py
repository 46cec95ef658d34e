"""Mail: SPF, DKIM, DMARC, MX, and messages as they arrived."""
