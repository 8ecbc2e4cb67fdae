package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// page is what the program prints, for two goroutines.
type page struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (p *page) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.Write(b)
}

// client talks with the server as curl does.
type client struct {
	*testing.T
	base string
}

func (c client) do(token, method, path, body string) (int, string) {
	r, err := http.NewRequestWithContext(c.Context(), method, c.base+"/api"+path, strings.NewReader(body))
	require.NoError(c, err)
	r.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := http.DefaultClient.Do(r)
	require.NoError(c, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	require.NoError(c, err)
	return answer.StatusCode, string(text)
}

// The story of story.sh, as far as it does not wait.
func TestStory(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	var out page
	go func() { ended <- run(ctx, listener, &out) }()
	c := client{t, "http://" + listener.Addr().String()}

	status, text := c.do("admin", http.MethodPost, "/call_queues", `{"name":"Support","extension_number":"8000","polling_strategy":"CYCLIC_HUNT","wait_when_no_agents_online":true}`)
	require.Equal(t, 200, status, text)
	id := regexp.MustCompile(`"id":"([^"]+)"`).FindStringSubmatch(text)[1]
	q := "/call_queues/" + id
	status, _ = c.do("admin", http.MethodPost, q+"/agents", `{"items":[{"extension_number":"1001"}]}`)
	require.Equal(t, 200, status)
	status, _ = c.do("anna", http.MethodPost, "/user"+q+"/agent", `{"status":"BREAK"}`)
	require.Equal(t, 200, status)

	answer, err := http.PostForm(c.base+"/phone/calls", url.Values{"to": {"8000"}, "from": {"+4930123456"}})
	require.NoError(t, err)
	call, err := bufio.NewReader(answer.Body).ReadString('\n')
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	call = strings.TrimSpace(call)
	_, text = c.do("admin", http.MethodGet, q+"/waiting", "")
	assert.Contains(t, text, `{"session_id":"`+call+`","extension_number":"+4930123456"`)

	status, text = c.do("admin", http.MethodPost, q+"/waiting/"+call+"/pickup", "")
	assert.Equal(t, 403, status, "the admin has no phone: %s", text)
	status, text = c.do("anna", http.MethodPost, q+"/waiting/"+call+"/pickup", "")
	assert.Equal(t, 200, status, text)
	_, text = c.do("anna", http.MethodGet, "/user"+q+"/agent", "")
	assert.Contains(t, text, `"status":"QUEUE_CALL"`)
	status, _ = c.do("anna", http.MethodPost, q+"/destroy", "")
	assert.Equal(t, 403, status)
	status, _ = c.do("nobody", http.MethodGet, q, "")
	assert.Equal(t, 401, status)
	answer, err = http.PostForm(c.base+"/phone/calls", url.Values{"to": {"9999"}})
	require.NoError(t, err)
	assert.Equal(t, 404, answer.StatusCode)
	require.NoError(t, answer.Body.Close())
	status, _ = c.do("admin", http.MethodPost, q+"/destroy", "")
	assert.Equal(t, 204, status)

	http.DefaultClient.CloseIdleConnections()
	stop()
	select {
	case err := <-ended:
		require.NoError(t, err)
	case <-time.After(time.Minute):
		t.Fatal("it does not end")
	}
}
