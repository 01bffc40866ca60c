-- Which plants an order has left: a laptop there may still bring honest work on it.
CREATE INDEX log_leave ON log (document, feed) WHERE kind = 'leave';
