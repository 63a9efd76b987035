// Package clientheaders takes headers from clients that only the platform may set, such as who the user is.
package clientheaders

import (
	"context"
	"net/http"
	"strings"
)

// Config is what the dynamic configuration may set.
type Config struct {
	// Prefixes of the names that go.
	Prefixes []string `json:"prefixes,omitempty"`
	// Names that go beside those.
	Names []string `json:"names,omitempty"`
}

// CreateConfig returns the defaults.
func CreateConfig() *Config {
	return &Config{}
}

type clientHeaders struct {
	next     http.Handler
	prefixes []string
	names    map[string]bool
}

// New puts the middleware before next.
func New(_ context.Context, next http.Handler, config *Config, _ string) (http.Handler, error) {
	names := map[string]bool{}
	for _, name := range config.Names {
		names[folded(name)] = true
	}
	prefixes := make([]string, len(config.Prefixes))
	for index, prefix := range config.Prefixes {
		prefixes[index] = folded(prefix)
	}
	return &clientHeaders{next: next, prefixes: prefixes, names: names}, nil
}

func (c *clientHeaders) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	for name := range request.Header {
		if c.isReserved(name) {
			delete(request.Header, name)
		}
	}
	c.next.ServeHTTP(response, request)
}

func (c *clientHeaders) isReserved(name string) bool {
	compared := folded(name)
	if c.names[compared] {
		return true
	}
	for _, prefix := range c.prefixes {
		if strings.HasPrefix(compared, prefix) {
			return true
		}
	}
	return false
}

// folded is the name as services see it that follow CGI: to them X_User_Id is X-User-Id, too.
func folded(name string) string {
	return strings.ReplaceAll(strings.ToLower(name), "_", "-")
}
