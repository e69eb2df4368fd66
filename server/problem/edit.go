package problem

import (
	"errors"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/edit"
	"github.com/tidegate-io/tidegate/server/invalid"
)

// classifyEdit finds the answer to an edit that is refused, nil to any other error.
func classifyEdit(err error) *Error {
	var (
		wrong           *invalid.Error
		compile         *evaluator.CompileError
		key             *edit.KeyError
		archived        *edit.FlagArchivedError
		archivedSegment *edit.SegmentArchivedError
		flagUsed        *edit.FlagInUseError
		segmentUsed     *edit.SegmentInUseError
		webhook         *edit.WebhookNotFoundError
	)
	switch {
	case errors.As(err, &wrong):
		return Invalid(fieldErrors(wrong.Fields)...)
	case errors.As(err, &compile):
		return Invalid(fieldErrors(invalid.Compiled(err))...)
	case errors.As(err, &key):
		return BadRequest(Sentence(key.Error()))
	case errors.As(err, &archived):
		return Conflict("%s", Sentence(archived.Error()))
	case errors.As(err, &flagUsed):
		return Conflict("%s Change that first.", Sentence(flagUsed.Error()))
	case errors.As(err, &segmentUsed):
		return Conflict("%s Change that first.", Sentence(segmentUsed.Error()))
	case errors.As(err, &archivedSegment):
		return NotFound("%s", Sentence(archivedSegment.Error()))
	case errors.As(err, &webhook):
		return NotFound("%s", Sentence(webhook.Error()))
	}
	return nil
}

func fieldErrors(fields []invalid.Field) []openapi.FieldError {
	all := make([]openapi.FieldError, len(fields))
	for i, f := range fields {
		all[i] = openapi.FieldError(f)
	}
	return all
}
