"""DNS: one question (`exchange`), the resolvers, and what zones say of themselves."""
