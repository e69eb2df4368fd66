package tidegate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/tidegate-io/tidegate/evaluator"
)

// loadLocal shows the definition that the process has of its own: the kept snapshot, or else the bootstrap. A
// definition that was configured but cannot be used is an error only in offline mode.
func (p *Provider) loadLocal() error {
	p.view.Store(nil)
	if p.keeper != nil {
		def, err := p.keeper.load()
		if err == nil {
			err = p.showLocal(def)
		}
		if err == nil {
			return nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			p.options.log.Warn("tidegate: the snapshot file is of no use; it will be written anew", "file", p.keeper.path, "error", err)
		}
	}
	if p.options.bootstrap == nil {
		return nil
	}
	err := p.showBootstrap()
	if err != nil && !p.options.offline {
		p.options.log.Error("tidegate: going on without the bootstrap", "error", err)
		return nil
	}
	return err
}

func (p *Provider) showBootstrap() error {
	data, err := p.options.bootstrap()
	if err != nil {
		return fmt.Errorf("read bootstrap: %w", err)
	}
	var def evaluator.Definition
	if err := json.Unmarshal(data, &def); err != nil {
		return fmt.Errorf("decode bootstrap, which must be an answer to GET /sdk/v1/snapshot: %w", err)
	}
	if err := p.showLocal(def); err != nil {
		return fmt.Errorf("bootstrap, which must be an answer to GET /sdk/v1/snapshot: %w", err)
	}
	return nil
}

func (p *Provider) showLocal(def evaluator.Definition) error {
	snapshot, problems, err := evaluator.Compile(def)
	if err != nil {
		return fmt.Errorf("compile definition: %w", err)
	}
	p.reportProblems(snapshot, problems)
	v := newView(snapshot, nil)
	v.local = true
	p.show(v)
	return nil
}

// followDefinitions serves the definitions of WithDefinitions until ctx ends.
func (p *Provider) followDefinitions(ctx context.Context, r *run) {
	p.options.definitions.Follow(ctx, func(def evaluator.Definition) {
		snapshot, problems, err := evaluator.Compile(def)
		if err != nil {
			p.options.log.Error("tidegate: a definition of WithDefinitions does not compile", "error", err)
			return
		}
		p.serve(snapshot, problems)
		r.becomeReady()
	})
}
