"""Reading what people write: headers, bodies, phrases, dates, languages. Pure."""
