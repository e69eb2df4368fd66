package main_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	modmodule "golang.org/x/mod/module"
	modzip "golang.org/x/mod/zip"
)

// root is the folder of the repository.
const root = "../.."

// moduleFolders gives the folder of every module of the repository.
func moduleFolders(t *testing.T) []string {
	t.Helper()
	var folders []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{".git", "node_modules", "testdata"}, entry.Name()):
			return filepath.SkipDir
		case entry.Name() == "go.mod":
			folders = append(folders, filepath.Dir(path))
		}
		return nil
	})
	require.NoError(t, err)
	require.Contains(t, folders, root)
	return folders
}

// goMod is the part of what `go mod edit -json` prints that the rules need.
type goMod struct {
	Module  struct{ Path string }
	Require []struct{ Path, Version string }
	Replace []struct {
		Old struct{ Path string }
		New struct{ Path string }
	}
}

func readGoMod(t *testing.T, folder string) (mod goMod) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "mod", "edit", "-json")
	command.Dir = folder
	output, err := command.Output()
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(output, &mod))
	return mod
}

// ours tells whether a module belongs to the repository.
func ours(path string) bool { return path == module || strings.HasPrefix(path, module+"/") }

// TestModulesRequireEachOtherInOneVersion checks what docs/development.md says about versions: outside the repository
// the required versions are used, and inside it the folders.
func TestModulesRequireEachOtherInOneVersion(t *testing.T) {
	t.Parallel()
	versions := make(map[string][]string)
	for _, folder := range moduleFolders(t) {
		mod := readGoMod(t, folder)
		inside, err := filepath.Rel(root, folder)
		require.NoError(t, err)
		require.Equal(t, strings.TrimSuffix(module+"/"+filepath.ToSlash(inside), "/."), mod.Module.Path)
		for _, required := range mod.Require {
			if !ours(required.Path) {
				continue
			}
			versions[required.Version] = append(versions[required.Version], mod.Module.Path)
			replaced := ""
			for _, r := range mod.Replace {
				if r.Old.Path == required.Path {
					replaced = filepath.Join(folder, r.New.Path)
				}
			}
			want := filepath.Join(root, strings.TrimPrefix(required.Path, module))
			require.Equal(t, want, replaced, "%s replaces %s by its folder", mod.Module.Path, required.Path)
		}
	}
	require.Len(t, versions, 1, "all modules of the repository have one version")
	for version := range versions {
		require.NotContains(t, version, "v0.0.0", "outside the repository there is no such version")
	}
}

func TestEveryModuleHasTheRulesOfTheLinter(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile(filepath.Join(root, ".depguard.json"))
	require.NoError(t, err)
	for _, folder := range moduleFolders(t) {
		got, err := os.ReadFile(filepath.Join(folder, ".depguard.json"))
		require.NoError(t, err, "link .depguard.json of the root into %s", folder)
		require.Equal(t, string(want), string(got), folder)
	}
}

func TestTheImageGetsTheModulesThatTheServerNeeds(t *testing.T) {
	t.Parallel()
	dockerfile, err := os.ReadFile(filepath.Join(root, "deploy", "Dockerfile"))
	require.NoError(t, err)
	for _, r := range readGoMod(t, root).Replace {
		folder := strings.TrimPrefix(r.New.Path, "./")
		require.Contains(t, string(dockerfile), fmt.Sprintf("COPY %s/go.mod %[1]s/go.sum %[1]s/\n", folder))
	}
}

// TestTheSDKBringsOnlyWhatOpenFeatureBrings makes two programs outside the repository, as a user would. One imports
// OpenFeature's Go SDK, and the other imports the provider. The modules of the second are those of the first, and
// ours.
func TestTheSDKBringsOnlyWhatOpenFeatureBrings(t *testing.T) {
	t.Parallel()
	outside := newOutside(t)
	sdk := readGoMod(t, filepath.Join(root, "sdk"))
	openFeature := ""
	for _, required := range sdk.Require {
		if required.Path == "github.com/open-feature/go-sdk" {
			openFeature = required.Path + "@" + required.Version
		}
	}
	require.NotEmpty(t, openFeature)
	allowed := outside.program(t, openFeature, "github.com/open-feature/go-sdk/openfeature")
	require.NotEmpty(t, allowed)
	var own []string
	for _, brought := range outside.program(t, sdk.Module.Path+"@"+outside.version, sdk.Module.Path) {
		if ours(brought) {
			own = append(own, brought)
			continue
		}
		require.Contains(t, allowed, brought)
	}
	require.Equal(t, []string{module + "/evaluator", module + "/sdk"}, own)
}

// outside is a place outside the repository, where the modules of the repository are published.
type outside struct {
	environment []string
	version     string
}

// newOutside publishes evaluator and sdk to a mirror of modules, in the versions that are required.
func newOutside(t *testing.T) *outside {
	t.Helper()
	o := &outside{}
	for _, required := range readGoMod(t, root).Require {
		if ours(required.Path) {
			o.version = required.Version
		}
	}
	mirror := t.TempDir()
	for _, folder := range []string{"evaluator", "sdk"} {
		publish(t, mirror, filepath.Join(root, folder), modmodule.Version{Path: module + "/" + folder, Version: o.version})
	}
	settings, err := exec.CommandContext(t.Context(), "go", "env", "-json", "GOPROXY", "GOMODCACHE").Output()
	require.NoError(t, err)
	var env struct{ GOPROXY, GOMODCACHE string }
	require.NoError(t, json.Unmarshal(settings, &env))
	// The modules that the repository was built from are in its cache already, so that cache serves as a proxy. The
	// new programs have a new cache, because the published versions will have other content tomorrow.
	proxies := []string{"file://" + mirror, "file://" + filepath.Join(env.GOMODCACHE, "cache", "download"), env.GOPROXY}
	o.environment = append(os.Environ(), "GOFLAGS=-mod=mod -modcacherw", "GOWORK=off", "GOSUMDB=off",
		"GOPROXY="+strings.Join(proxies, ","), "GOMODCACHE="+t.TempDir())
	return o
}

// publish writes a module to a mirror, in the form that the protocol of mirrors asks for.
func publish(t *testing.T, mirror, folder string, version modmodule.Version) {
	t.Helper()
	at := filepath.Join(mirror, filepath.FromSlash(version.Path), "@v")
	require.NoError(t, os.MkdirAll(at, 0o755))
	base := filepath.Join(at, version.Version)
	info, err := json.Marshal(map[string]string{"Version": version.Version, "Time": "2026-01-01T00:00:00Z"})
	require.NoError(t, err)
	mod, err := os.ReadFile(filepath.Join(folder, "go.mod"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(at, "list"), []byte(version.Version+"\n"), 0o644))
	require.NoError(t, os.WriteFile(base+".info", info, 0o644))
	require.NoError(t, os.WriteFile(base+".mod", mod, 0o644))
	archive, err := os.Create(base + ".zip")
	require.NoError(t, err)
	require.NoError(t, modzip.CreateFromDir(archive, version, folder))
	require.NoError(t, archive.Close())
}

// program makes a program that imports a package of a module, and builds it. It gives the modules of the program's
// graph.
func (o *outside) program(t *testing.T, get, imports string) []string {
	t.Helper()
	folder := t.TempDir()
	source := fmt.Sprintf("package main\n\nimport _ %q\n\nfunc main() {}\n", imports)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "main.go"), []byte(source), 0o644))
	output := ""
	for _, arguments := range [][]string{
		{"mod", "init", "example.com/program"}, {"get", get}, {"mod", "tidy"}, {"build", "-o", os.DevNull, "."}, {"list", "-m", "-f", "{{if not .Main}}{{.Path}}{{end}}", "all"},
	} {
		command := exec.CommandContext(t.Context(), "go", arguments...)
		command.Dir, command.Env = folder, o.environment
		var errs strings.Builder
		command.Stderr = &errs
		printed, err := command.Output()
		require.NoError(t, err, "go %s: %s", strings.Join(arguments, " "), &errs)
		output = string(printed)
	}
	return strings.Fields(output)
}
