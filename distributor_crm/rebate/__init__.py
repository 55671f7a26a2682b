"""Arithmetic and SQL of rebates: plain values in and out, no ORM, no request."""
