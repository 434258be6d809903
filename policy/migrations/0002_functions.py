"""What statements ask: how far a clock is (50, 80, 100, 150, 200 % of its term), which value a parameter has."""

from django.db import migrations

# The due time itself is still in time, so the level 100 % begins right after it.
# Adding seconds to an instant is the same in every time zone, hence IMMUTABLE.
CLOCKS = """
CREATE FUNCTION policy_clock_at(level int, started timestamptz, paused interval, due timestamptz)
RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    share numeric := (ARRAY[0.5, 0.8, 1, 1.5, 2])[level];
    span numeric := extract(epoch FROM due - started) - extract(epoch FROM paused);
BEGIN
    IF level >= 3 THEN
        due := due + interval '1 microsecond';
    END IF;
    RETURN due + make_interval(secs => ((share - 1) * span)::float8);
END $$;

CREATE FUNCTION policy_clock_next(
    level smallint, started timestamptz, paused interval, due timestamptz, stopped timestamptz, closed timestamptz
) RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF level >= 5 OR stopped IS NOT NULL OR closed IS NOT NULL THEN
        RETURN NULL;
    END IF;
    RETURN policy_clock_at(level + 1, started, paused, due);
END $$;

CREATE FUNCTION policy_clock_level(at timestamptz, started timestamptz, paused interval, due timestamptz)
RETURNS smallint LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    FOR level IN REVERSE 5..1 LOOP
        IF at >= policy_clock_at(level, started, paused, due) THEN
            RETURN level;
        END IF;
    END LOOP;
    RETURN 0;
END $$;
"""
NO_CLOCKS = """
DROP FUNCTION policy_clock_level(timestamptz, timestamptz, interval, timestamptz);
DROP FUNCTION policy_clock_next(smallint, timestamptz, interval, timestamptz, timestamptz, timestamptz);
DROP FUNCTION policy_clock_at(int, timestamptz, interval, timestamptz);
"""

# A parameter for statements: the unit's own value, else the company's, in force on a day; null where the default decides.
RULES = """
CREATE FUNCTION policy_rule_value(key text, unit bigint, day date)
RETURNS jsonb LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    found jsonb;
BEGIN
    IF unit IS NOT NULL THEN
        SELECT value INTO found FROM policy_rulevalue
        WHERE rule = key AND branch_id = unit AND starts_on <= day
        ORDER BY starts_on DESC, set_at DESC, id DESC LIMIT 1;
    END IF;
    IF found IS NULL THEN
        SELECT value INTO found FROM policy_rulevalue
        WHERE rule = key AND branch_id IS NULL AND starts_on <= day
        ORDER BY starts_on DESC, set_at DESC, id DESC LIMIT 1;
    END IF;
    RETURN found;
END $$;
"""
STAMPS = """
CREATE FUNCTION policy_stamp_anew(of_group text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO policy_stamp (name, value) VALUES (of_group, gen_random_uuid())
    ON CONFLICT (name) DO UPDATE SET value = excluded.value;
END $$;
"""
NO_STAMPS = "DROP FUNCTION policy_stamp_anew(text);"
NO_RULES = "DROP FUNCTION policy_rule_value(text, bigint, date);"


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial")]
    operations = [
        migrations.RunSQL(CLOCKS, NO_CLOCKS),
        migrations.RunSQL(RULES, NO_RULES),
        migrations.RunSQL(STAMPS, NO_STAMPS),
    ]
