'use strict';

const RATES = { de: 0.19, ch: 0.081, 'no{ne': 0 };

/**
 * A cart, whose sums are in cents.
 */
class Cart {
  #items = [];

  static of(...items) {
    const cart = new Cart();
    items.forEach((item) => cart.add(item));
    return cart;
  }

  add({ name, cents, count = 1 }) {
    if (!/^[\w {}-]+$/.test(name)) {
      throw new TypeError(`no name: ${name}`);
    }
    this.#items.push({ name, cents, count });
    return this;
  }

  get total() {
    return this.#items.reduce((sum, { cents, count }) => sum + cents * count, 0);
  }

  *[Symbol.iterator]() {
    yield* this.#items;
  }
}

function withTax(cart, country) {
  const rate = RATES[country] ?? 0;
  function rounded(cents) {
    return Math.round(cents / 5) * 5;
  }
  return rounded(cart.total * (1 + rate));
}

const format = (cents) => {
  const text = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
  return text + ' }';
};

async function checkout(cart, pay) {
  try {
    const receipt = await pay({ amount: withTax(cart, 'de'), items: [...cart] });
    return { receipt, shown: format(receipt.amount) };
  } catch (error) {
    return { error: String(error) };
  }
}

module.exports = { Cart, withTax, format, checkout };
