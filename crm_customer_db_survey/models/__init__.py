from . import (
    feed_answer,
    survey_code_mixin,
    survey_question,
    survey_question_answer,
    survey_question_writes_to,
    survey_survey,
    survey_user_input,
    survey_user_input_line,
)
