package replica

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// disk keeps one file for each environment, and the directory. With an empty dir it keeps nothing.
type disk struct {
	dir string
	// most is the greatest size of a file that is read.
	most int64
}

const (
	diskSuffix = ".json"
	// directoryName has no comma. The names of snapshots have one, so the two never clash.
	directoryName = "directory" + diskSuffix
	// unfinished begins the names of files that are being written.
	unfinished = "new-"
	// abandonedAfter is far longer than writing a file takes.
	abandonedAfter = time.Hour
)

// path names the format version, so that two versions of the server may share a directory.
func (d disk) path(ref store.EnvironmentRef) string {
	name := url.QueryEscape(ref.Project) + "," + url.QueryEscape(ref.Environment) + diskSuffix
	return filepath.Join(d.folder(), name)
}

func (d disk) folder() string {
	return filepath.Join(d.dir, fmt.Sprintf("snapshots-v%d", evaluator.FormatVersion))
}

func (d disk) write(def evaluator.Definition) error {
	if d.dir == "" {
		return nil
	}
	data, err := json.Marshal(def)
	if err != nil {
		return fmt.Errorf("encode definition: %w", err)
	}
	return d.replace(d.path(store.EnvironmentRef{Project: def.Project, Environment: def.Environment}), data)
}

// read fails with ErrNotFound where there is no file, and with a refusal where the file is not one of ours.
func (d disk) read(ref store.EnvironmentRef) (evaluator.Definition, error) {
	var def evaluator.Definition
	data, err := d.load(d.path(ref))
	if err != nil {
		return def, err
	}
	if err := json.Unmarshal(data, &def); err != nil {
		return def, refusal{fmt.Errorf("decode snapshot %s: %w", d.path(ref), err)}
	}
	return def, nil
}

func (d disk) writeDirectory(directory store.Directory) error {
	if d.dir == "" {
		return nil
	}
	data, err := store.EncodeDirectory(directory)
	if err != nil {
		return err
	}
	return d.replace(filepath.Join(d.folder(), directoryName), data)
}

// readDirectory fails with ErrNotFound where there is no file.
func (d disk) readDirectory() (store.Directory, error) {
	data, err := d.load(filepath.Join(d.folder(), directoryName))
	if err != nil {
		return store.Directory{}, err
	}
	return store.DecodeDirectory(data)
}

// replace replaces the file as a whole: a crash leaves either the old or the new one. The provider, in module sdk,
// has the same code for its own file. They cannot share it, because packages that both may import do no I/O.
func (d disk) replace(path string, data []byte) error {
	if err := os.MkdirAll(d.folder(), 0o700); err != nil {
		return fmt.Errorf("make directory for snapshots: %w", err)
	}
	file, err := os.CreateTemp(d.folder(), unfinished+"*")
	if err != nil {
		return fmt.Errorf("write snapshot: %w", err)
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write snapshot: %w", errors.Join(err, os.Remove(file.Name())))
	}
	return nil
}

// sweep removes unfinished files of writers that were killed.
func (d disk) sweep(now time.Time) error {
	if d.dir == "" {
		return nil
	}
	entries, err := os.ReadDir(d.folder())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	errs := []error{err}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), unfinished) {
			continue
		}
		// Another process may share the folder. It may have finished this file meanwhile.
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil && now.Sub(info.ModTime()) > abandonedAfter {
			err = os.Remove(filepath.Join(d.folder(), entry.Name()))
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// load reads a file. It fails if the file is larger than the server ever writes.
func (d disk) load(path string) ([]byte, error) {
	if d.dir == "" {
		return nil, store.ErrNotFound
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("snapshot on disk: %w", store.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("read snapshot: %w", err)
	}
	if info.Size() > d.most {
		return nil, refusal{fmt.Errorf("read snapshot %s: %w", path, tooLarge(info.Size(), d.most))}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read snapshot: %w", err)
	}
	return data, nil
}

// list returns the environments that have a file.
func (d disk) list() ([]store.EnvironmentRef, error) {
	if d.dir == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(d.folder())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list snapshots: %w", err)
	}
	var refs []store.EnvironmentRef
	for _, entry := range entries {
		name, isSnapshot := strings.CutSuffix(entry.Name(), diskSuffix)
		project, environment, ok := strings.Cut(name, ",")
		if !isSnapshot || !ok {
			continue
		}
		p, err1 := url.QueryUnescape(project)
		e, err2 := url.QueryUnescape(environment)
		if err1 == nil && err2 == nil {
			refs = append(refs, store.EnvironmentRef{Project: p, Environment: e})
		}
	}
	return refs, nil
}
