"""The arithmetic of price floors: no ORM, no request, plain values in and out."""
