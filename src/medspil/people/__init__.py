"""Who is who, who may act for whom, sign-in, who has looked."""
