// Package requestid gives every request an id that the client, the service and the logs share.
//
// The id of a client is kept when it is safe to write into logs and headers; otherwise a new one is made. Going
// through the middleware twice changes nothing.
package requestid

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"regexp"
)

// Stricter than what HTTP allows: the id goes into log lines and into headers of other services.
var safeID = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,128}$`)

// Config is what the dynamic configuration may set.
type Config struct {
	// HeaderName is written exactly like this into responses.
	HeaderName string `json:"headerName,omitempty"`
	// PathHeaderName is the header in which the access log finds the path without its query. It is set once the request
	// is answered, so no service sees it, and one of a client is removed.
	PathHeaderName string `json:"pathHeaderName,omitempty"`
}

// CreateConfig returns the defaults.
func CreateConfig() *Config {
	return &Config{HeaderName: "X-Request-ID", PathHeaderName: "X-Request-Path"}
}

type requestID struct {
	next           http.Handler
	headerName     string
	pathHeaderName string
}

// New puts the middleware before next.
func New(_ context.Context, next http.Handler, config *Config, _ string) (http.Handler, error) {
	return &requestID{next: next, headerName: config.HeaderName, pathHeaderName: config.PathHeaderName}, nil
}

func (r *requestID) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	id := request.Header.Get(r.headerName)
	if !safeID.MatchString(id) {
		id = newID()
		request.Header.Set(r.headerName, id)
	}
	// Go spells the name of a service's own header "X-Request-Id". Under another spelling ours is a second entry, so
	// that the service's can be taken out and ours stays. Wrapping the response instead would end streaming.
	response.Header()[r.headerName] = []string{id}
	// Middlewares further on change the path, and may end the request with a panic.
	path := request.URL.EscapedPath()
	request.Header.Del(r.pathHeaderName)
	defer request.Header.Set(r.pathHeaderName, path)
	r.next.ServeHTTP(response, request)
}

func newID() string {
	bytes := make([]byte, 16)
	// crypto/rand never fails on Linux.
	_, _ = rand.Read(bytes)
	return hex.EncodeToString(bytes)
}
