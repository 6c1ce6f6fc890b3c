-- Orders of a shop; a semicolon in a string; ends no statement.
CREATE TABLE customers (
    id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name    TEXT NOT NULL CHECK (name <> ';'),
    country CHAR(2) NOT NULL DEFAULT 'DE'
);

CREATE TABLE orders (
    id          BIGINT PRIMARY KEY,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    cents       INTEGER NOT NULL,
    placed_at   TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX orders_by_customer ON orders (customer_id, placed_at DESC);

/* What each customer spends; see below. */
CREATE VIEW spending AS
SELECT c.id, c.name, sum(o.cents) AS cents
FROM customers c
         LEFT JOIN orders o ON o.customer_id = c.id
GROUP BY c.id, c.name
HAVING sum(o.cents) > 0;

CREATE FUNCTION place_order(customer BIGINT, amount INTEGER) RETURNS BIGINT
    LANGUAGE plpgsql AS
$body$
DECLARE
    placed BIGINT;
BEGIN
    IF amount <= 0 THEN
        RAISE EXCEPTION 'no amount; %', amount;
    END IF;
    INSERT INTO orders (id, customer_id, cents)
    VALUES (nextval('order_ids'), customer, amount)
    RETURNING id INTO placed;
    RETURN placed;
END;
$body$;

CREATE OR REPLACE PROCEDURE forget(customer BIGINT)
    LANGUAGE sql
BEGIN ATOMIC
    DELETE FROM orders WHERE customer_id = customer;
    DELETE FROM customers WHERE id = customer;
END;

INSERT INTO customers (name)
VALUES ('Jane; Doe'),
       ('O''Brien');
