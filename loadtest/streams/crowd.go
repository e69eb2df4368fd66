package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// dialing is how many connections are made at a time.
	dialing = 64
	// lineBuffer holds the lines that matter; longer ones are skipped in parts.
	lineBuffer = 256
)

// crowd is many clients that each hold a stream.
type crowd struct {
	addr    string
	request []byte
	members []net.Conn
	reading sync.WaitGroup

	snapshots chan struct{}
	patches   chan time.Time
	broken    chan error
}

func newCrowd(addr, key string, size int) *crowd {
	return &crowd{
		addr: addr,
		request: fmt.Appendf(
			nil,
			"GET /sdk/v1/stream HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n",
			addr,
			key,
		),
		members:   make([]net.Conn, size),
		snapshots: make(chan struct{}, size),
		patches:   make(chan time.Time, size),
		broken:    make(chan error, size),
	}
}

// connect opens all streams and waits until each has its snapshot.
func (c *crowd) connect(ctx context.Context) error {
	var dialer net.Dialer
	group, dialCtx := errgroup.WithContext(ctx)
	group.SetLimit(dialing)
	for i := range c.members {
		group.Go(func() error {
			conn, err := dialer.DialContext(dialCtx, "tcp", c.addr)
			if err != nil {
				return fmt.Errorf("open stream %d: %w", i+1, err)
			}
			c.members[i] = conn
			c.reading.Go(func() { c.read(conn) })
			_, err = conn.Write(c.request)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for range c.members {
		if _, err := receive(ctx, c, c.snapshots); err != nil {
			return err
		}
	}
	return nil
}

// read notes the events of one stream until it ends.
func (c *crowd) read(conn net.Conn) {
	lines := bufio.NewReaderSize(conn, lineBuffer)
	for {
		line, err := lines.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			c.broken <- err
			return
		}
		switch {
		case bytes.HasPrefix(line, []byte("event: patch")):
			c.patches <- time.Now()
		case bytes.HasPrefix(line, []byte("event: snapshot")):
			c.snapshots <- struct{}{}
		}
	}
}

// time makes a change and returns how long it took to reach each stream, in order.
func (c *crowd) time(ctx context.Context, change func() error) ([]time.Duration, error) {
	started := time.Now()
	if err := change(); err != nil {
		return nil, err
	}
	times := make([]time.Duration, len(c.members))
	for i := range times {
		at, err := receive(ctx, c, c.patches)
		if err != nil {
			return nil, fmt.Errorf("%d of %d streams have the change: %w", i, len(times), err)
		}
		times[i] = at.Sub(started)
	}
	slices.Sort(times)
	return times, nil
}

// receive waits for what a stream notes. It fails if a stream breaks.
func receive[T any](ctx context.Context, c *crowd, from <-chan T) (T, error) {
	var none T
	select {
	case value := <-from:
		return value, nil
	case err := <-c.broken:
		return none, fmt.Errorf("a stream broke: %w", err)
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// leave closes all streams and waits for their readers.
func (c *crowd) leave() {
	for _, conn := range c.members {
		if conn != nil {
			// An error means that it is closed already.
			_ = conn.Close()
		}
	}
	c.reading.Wait()
}
