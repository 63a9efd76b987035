// Package clientbody tells a request whose body breaks off or is malformed from a service that fails. Traefik would answer
// 500 or 502 for it and count a failure of the service; this way it is 499, a client that went away.
package clientbody

import (
	"context"
	"io"
	"net/http"
)

// Config has nothing to set.
type Config struct{}

// CreateConfig returns the defaults.
func CreateConfig() *Config {
	return &Config{}
}

type clientBody struct {
	next http.Handler
}

// New puts the middleware before next.
func New(_ context.Context, next http.Handler, _ *Config, _ string) (http.Handler, error) {
	return &clientBody{next: next}, nil
}

func (c *clientBody) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	// Go sends a request without a body differently, and knows it by this value.
	if request.Body != nil && request.Body != http.NoBody {
		request.Body = &watchedBody{body: request.Body}
	}
	c.next.ServeHTTP(response, request)
}

// watchedBody names its field: the interpreter would not find a method that replaces an embedded one.
type watchedBody struct {
	body io.ReadCloser
}

func (w *watchedBody) Read(buffer []byte) (int, error) {
	count, err := w.body.Read(buffer)
	if err != nil && err != io.EOF {
		return count, context.Canceled
	}
	return count, err
}

func (w *watchedBody) Close() error {
	return w.body.Close()
}
