// Package identityfailure answers 503 for an identity service that is away, fails, or does not know the path that it is
// asked. A client would otherwise be told 404 or 500, as if the fault was its own or the stage's.
package identityfailure

import (
	"context"
	"net/http"
)

const body = `{"detail":"Identity service unavailable"}`

// Config has nothing to set.
type Config struct{}

// CreateConfig returns the defaults.
func CreateConfig() *Config {
	return &Config{}
}

type identityFailure struct {
	next http.Handler
}

// New puts the middleware before next.
func New(_ context.Context, next http.Handler, _ *Config, _ string) (http.Handler, error) {
	return &identityFailure{next: next}, nil
}

func (f *identityFailure) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	f.next.ServeHTTP(&answer{response: response}, request)
}

// answer hands an answer on, or another one in its place. Nothing streams here.
type answer struct {
	response http.ResponseWriter
	begun    bool
	replaced bool
}

func (a *answer) Header() http.Header {
	return a.response.Header()
}

func (a *answer) WriteHeader(status int) {
	if a.begun {
		return
	}
	a.begun = true
	if !isFailure(status) {
		a.response.WriteHeader(status)
		return
	}
	a.replaced = true
	headers := a.response.Header()
	for name := range headers {
		delete(headers, name)
	}
	headers.Set("Content-Type", "application/json")
	headers.Set("Retry-After", "10")
	a.response.WriteHeader(http.StatusServiceUnavailable)
	_, _ = a.response.Write([]byte(body))
}

func (a *answer) Write(content []byte) (int, error) {
	if !a.begun {
		a.WriteHeader(http.StatusOK)
	}
	if a.replaced {
		return len(content), nil
	}
	return a.response.Write(content)
}

func isFailure(status int) bool {
	return status >= http.StatusInternalServerError ||
		status == http.StatusNotFound || status == http.StatusMethodNotAllowed
}
