// Package process runs flagd for load programs: the real program, as a process of its own, on the loopback alone.
package process

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	// token is the admin's access token on every flagd.
	token = "tg_load-programs-have-this-token-and-nothing-else-does"
	// project is the one that every store has from the start.
	project = "/api/v1/projects/default"
	// patience is far longer than a start or an end takes.
	patience = 30 * time.Second
)

// Flagd is a running flagd.
type Flagd struct {
	Addr string

	process *exec.Cmd
	folder  string
}

// Build builds flagd into the folder and returns its path. The working folder must be inside the repository.
func Build(ctx context.Context, folder string) (string, error) {
	binary := filepath.Join(folder, "flagd")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, "github.com/tidegate-io/tidegate/cmd/flagd")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return "", fmt.Errorf("build flagd: %w", err)
	}
	return binary, nil
}

// Migrate makes the tables of the database, or brings them up to date.
func Migrate(ctx context.Context, binary, database string) error {
	migrate := exec.CommandContext(ctx, binary, "migrate", "up")
	migrate.Env = []string{"PATH=" + os.Getenv("PATH"), "FLAGD_DATABASE_URL=" + database}
	if output, err := migrate.CombinedOutput(); err != nil {
		return fmt.Errorf("migrate the database: %w: %s", err, output)
	}
	return nil
}

// Start starts the binary with further settings, NAME=value, and waits until it is ready. Its data and its log are in a
// new folder inside folder.
func Start(ctx context.Context, binary, folder string, settings ...string) (*Flagd, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	f := &Flagd{Addr: addr}
	if f.folder, err = os.MkdirTemp(folder, "flagd-"); err != nil {
		return nil, fmt.Errorf("make a folder for flagd: %w", err)
	}
	log, err := os.Create(filepath.Join(f.folder, "log"))
	if err != nil {
		return nil, fmt.Errorf("make flagd's log: %w", err)
	}
	f.process = exec.Command(binary, "serve")
	f.process.Env = append([]string{
		"PATH=" + os.Getenv(
			"PATH",
		),
		"FLAGD_ADDR=" + addr,
		"FLAGD_DATA_DIR=" + f.folder,
		"FLAGD_BOOTSTRAP_ADMIN_TOKEN=" + token,
		"FLAGD_LOG_LEVEL=warn",
	}, settings...)
	f.process.Stdout, f.process.Stderr = log, log
	if err := errors.Join(f.process.Start(), log.Close()); err != nil {
		return nil, fmt.Errorf("start flagd: %w", err)
	}
	if err := f.awaitReady(ctx); err != nil {
		return nil, errors.Join(err, f.Stop())
	}
	return f, nil
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	addr := listener.Addr().String()
	return addr, listener.Close()
}

func (f *Flagd) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		_, err := f.send(ctx, http.MethodGet, "/readyz", nil)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("flagd is not ready: %w", err)
		case <-again.C:
		}
	}
}

// Stop kills the process: its data is thrown away anyway.
func (f *Flagd) Stop() error {
	if err := f.process.Process.Signal(syscall.SIGKILL); err != nil {
		return fmt.Errorf("stop flagd: %w", err)
	}
	// The error says that it was killed.
	_ = f.process.Wait()
	return os.RemoveAll(f.folder)
}

// MakeFlag makes a boolean flag, off everywhere.
func (f *Flagd) MakeFlag(ctx context.Context, flag string) error {
	_, err := f.send(ctx, http.MethodPut, project+"/flags/"+flag, map[string]any{"type": "boolean"})
	return err
}

// Switch turns a flag on or off in production.
func (f *Flagd) Switch(ctx context.Context, flag string, on bool) error {
	_, err := f.send(
		ctx,
		http.MethodPatch,
		project+"/flags/"+flag+"/environments/production",
		map[string]any{"enabled": on},
	)
	return err
}

// Evaluates tells whether a boolean flag is on for anybody, as an application would ask.
func (f *Flagd) Evaluates(ctx context.Context, key, flag string) (bool, error) {
	body := map[string]any{"context": map[string]any{"targetingKey": "user-1"}}
	answer, err := f.sendAs(ctx, key, http.MethodPost, "/ofrep/v1/evaluate/flags/"+flag, body)
	if err != nil {
		return false, err
	}
	var evaluation struct {
		Value bool `json:"value"`
	}
	if err := json.Unmarshal(answer, &evaluation); err != nil {
		return false, fmt.Errorf("read evaluation: %w", err)
	}
	return evaluation.Value, nil
}

// MakeKey makes a server SDK key for production.
func (f *Flagd) MakeKey(ctx context.Context) (string, error) {
	answer, err := f.send(
		ctx,
		http.MethodPost,
		project+"/environments/production/sdk-keys",
		map[string]any{"name": "load", "kind": "server"},
	)
	if err != nil {
		return "", err
	}
	var made struct {
		Key string `json:"key"`
	}
	if err := json.Unmarshal(answer, &made); err != nil {
		return "", fmt.Errorf("read SDK key: %w", err)
	}
	return made.Key, nil
}

// Ask sends a request of the admin to a path below the project, with a body of JSON unless it is nil.
func (f *Flagd) Ask(ctx context.Context, method, path string, body any) error {
	_, err := f.send(ctx, method, project+path, body)
	return err
}

// Tell posts JSON to a path of the SDKs with an SDK key.
func (f *Flagd) Tell(ctx context.Context, key, path string, body any) error {
	_, err := f.sendAs(ctx, key, http.MethodPost, "/sdk/v1"+path, body)
	return err
}

func (f *Flagd) send(ctx context.Context, method, path string, body any) ([]byte, error) {
	return f.sendAs(ctx, token, method, path, body)
}

func (f *Flagd) sendAs(ctx context.Context, bearer, method, path string, body any) ([]byte, error) {
	var sent bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&sent).Encode(body); err != nil {
			return nil, fmt.Errorf("encode body: %w", err)
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://"+f.Addr+path, &sent)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+bearer)
	r.Header.Set("Content-Type", "application/json")
	if method == http.MethodPatch {
		r.Header.Set("Content-Type", "application/merge-patch+json")
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= http.StatusMultipleChoices {
		err = fmt.Errorf("%s %s answered %s: %s", method, path, response.Status, answer)
	}
	return answer, err
}

// Resident is the memory of the process that is in RAM, in bytes.
func (f *Flagd) Resident() (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", f.process.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("read memory of flagd: %w", err)
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, err := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			return kib << 10, err
		}
	}
	return 0, errors.New("read memory of flagd: /proc has no VmRSS")
}

// Metric sums a metric of the process over its labels.
func (f *Flagd) Metric(ctx context.Context, name string) (float64, error) {
	text, err := f.send(ctx, http.MethodGet, "/metrics", nil)
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) != 2 || fields[0] != name && !strings.HasPrefix(fields[0], name+"{") {
			continue
		}
		value, err := strconv.ParseFloat(fields[1], 64)
		if err != nil {
			return 0, fmt.Errorf("read metric %s: %w", name, err)
		}
		sum += value
	}
	return sum, nil
}
