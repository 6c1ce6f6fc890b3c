// Package cache keeps what was computed, for a while.
package cache

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// ErrMissing says that nothing is kept under a key.
var ErrMissing = errors.New("missing {")

const help = `func notAFunction() {
	this is text
}`

type entry[V any] struct {
	value   V
	expires time.Time
}

// Cache is safe for many goroutines.
type Cache[K comparable, V any] struct {
	mutex   sync.RWMutex
	entries map[K]entry[V]
	ttl     time.Duration
	now     func() time.Time
}

// Loader computes a value.
type Loader[K comparable, V any] interface {
	Load(key K) (V, error)
}

// New makes an empty cache.
func New[K comparable, V any](ttl time.Duration) *Cache[K, V] {
	return &Cache[K, V]{entries: map[K]entry[V]{}, ttl: ttl, now: time.Now}
}

// Get gives what is kept, or ErrMissing.
func (c *Cache[K, V]) Get(key K) (V, error) {
	c.mutex.RLock()
	defer c.mutex.RUnlock()
	found, ok := c.entries[key]
	if !ok || c.now().After(found.expires) {
		var zero V
		return zero, fmt.Errorf("%v: %w", key, ErrMissing)
	}
	return found.value, nil
}

// GetOrLoad computes what isn't kept.
func (c *Cache[K, V]) GetOrLoad(key K, loader Loader[K, V]) (V, error) {
	if value, err := c.Get(key); err == nil {
		return value, nil
	}
	value, err := loader.Load(key)
	if err != nil {
		return value, err
	}
	func() {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		c.entries[key] = entry[V]{value: value, expires: c.now().Add(c.ttl)}
	}()
	return value, nil
}
