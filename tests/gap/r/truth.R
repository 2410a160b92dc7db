# The numbers that tests/gap/test_agrees_with_r.py holds the engine against, made by R from the CSV files beside this script.
# Rscript truth.R, run in this folder, writes the data (from R's packages), truth.json and session.txt. R is not needed
# to run the tests. On Debian: apt-get install r-base-core r-cran-survey r-cran-effectsize r-cran-clubsandwich
# r-cran-ordinal r-cran-lme4 r-cran-cardata r-cran-jsonlite
suppressPackageStartupMessages({
  library(survey); library(effectsize); library(clubSandwich); library(ordinal); library(jsonlite)
})
options(digits = 17)

keep <- function(frame, name) write.csv(frame, name, row.names = FALSE, na = "")

# ---- data ---------------------------------------------------------------------------------------------------------
# World Values Survey: 5,381 people of four countries. Ages are cut in four.
wvs <- get(data(WVS, package = "carData"))
wvs$ages <- cut(wvs$age, c(0, 30, 45, 60, 120), c("a_to_30", "b_31_45", "c_46_60", "d_over_60"))
wvs <- data.frame(respondent = seq_len(nrow(wvs)), country = wvs$country, poverty = as.character(wvs$poverty),
                  religion = wvs$religion, ages = wvs$ages, gender = wvs$gender)
keep(wvs, "wvs.csv")

# Verbal aggression: 316 people, six of 24 items; an answer a row, so that a person is a cluster.
verb <- get(data(VerbAgg, package = "lme4"))
verb <- verb[verb$item %in% levels(verb$item)[c(1:3, 16:18)], ]
verb <- data.frame(person = paste0("p", verb$id), kind = verb$btype, mode = verb$mode, resp = as.character(verb$resp),
                   anger = verb$Anger, w = round(verb$Anger / 20, 2))
# Uneven clusters and missing answers: each eleventh row is left out, each seventh has no answer.
verb <- verb[seq_len(nrow(verb)) %% 11 != 0, ]
verb$resp[seq_len(nrow(verb)) %% 7 == 0] <- NA
keep(verb, "verbagg.csv")

# Youth Risk Behavior Survey: strata, clusters and weights, with missing answers. Groups by the size of the weight.
yrbs <- get(data(yrbs, package = "survey"))
yrbs <- yrbs[seq_len(nrow(yrbs)) %% 4 == 1, ]
yrbs$group <- cut(yrbs$weight, c(0, 2, 4, Inf), c("light", "middle", "heavy"))
yrbs <- data.frame(weight = yrbs$weight, stratum = yrbs$stratum, psu = yrbs$psu, group = yrbs$group, qn8 = yrbs$qn8)
keep(yrbs, "yrbs.csv")

# California's schools: a stratified sample, and a cluster sample where some districts have no high school.
data(api)
columns <- c("stype", "api00", "acs.core", "acs.46", "awards", "sch.wide", "meals", "dnum", "pw", "fpc")
clean <- function(frame) { frame <- frame[, columns]; names(frame) <- gsub(".", "_", columns, fixed = TRUE); frame }
strat <- clean(apistrat); keep(strat, "apistrat.csv")
clus <- clean(apiclus1); keep(clus, "apiclus1.csv")

# ---- one comparison -----------------------------------------------------------------------------------------------
power_ncp <- function(df) uniroot(function(d) {
  cut <- qt(.975, df); 1 - pt(cut, df, d) + pt(-cut, df, d) - .8
}, c(2, 6), tol = 1e-14)$root

hedges_by_pt <- function(x1, x2) {
  # The interval's ends by R's own pt() turned round to the last digit: effectsize looks for them with optim(), which
  # stops some 1e-6 away, and that shows where an end is near nought.
  n1 <- length(x1); n2 <- length(x2); df <- n1 + n2 - 2; h <- sqrt(1 / n1 + 1 / n2)
  d <- (mean(x1) - mean(x2)) / sqrt(((n1 - 1) * var(x1) + (n2 - 1) * var(x2)) / df)
  j <- exp(lgamma(df / 2) - log(sqrt(df / 2)) - lgamma((df - 1) / 2))
  end <- function(p) j * h * uniroot(function(ncp) pt(d / h, df, ncp) - p, d / h + c(-6, 6), tol = 1e-15)$root
  c(end(.975), end(.025))
}

frequency <- function(y, h, first, second, margin) {
  # Only what R's own t.test, wilcox.test, effectsize and clm say of the raw answers.
  x1 <- y[h == first & !is.na(y)]; x2 <- y[h == second & !is.na(y)]
  test <- function(...) {
    r <- t.test(x1, x2, ...); r90 <- t.test(x1, x2, conf.level = .9, ...)
    low <- t.test(x1, x2, mu = -margin, alternative = "greater", ...)$p.value
    high <- t.test(x1, x2, mu = margin, alternative = "less", ...)$p.value
    list(gap = mean(x1) - mean(x2), se = r$stderr, t = unname(r$statistic), df = unname(r$parameter), p = r$p.value,
         ci95 = r$conf.int[1:2], ci90 = r90$conf.int[1:2], tost_p = max(low, high),
         smallest = power_ncp(unname(r$parameter)) * r$stderr)
  }
  g <- hedges_g(x1, x2); rb <- rank_biserial(x1, x2)
  mw <- wilcox.test(x1, x2, exact = FALSE, correct = FALSE)
  both <- data.frame(y = factor(c(x1, x2), ordered = TRUE),
                     h = factor(rep(c("first", "second"), c(length(x1), length(x2))), levels = c("second", "first")))
  ordered <- tryCatch({
    m <- summary(clm(y ~ h, data = both, control = clm.control(gradTol = 1e-10, maxIter = 200)))$coefficients
    list(log_odds = m["hfirst", 1], se = m["hfirst", 2])
  }, error = function(e) NULL)
  list(n = c(length(x1), length(x2)), mean = c(mean(x1), mean(x2)), sd = c(sd(x1), sd(x2)),
       welch = test(), pooled = test(var.equal = TRUE),
       hedges = c(g$Hedges_g, g$CI_low, g$CI_high), hedges_by_pt = hedges_by_pt(x1, x2), cliff = c(rb$r_rank_biserial, rb$CI_low, rb$CI_high),
       u = unname(mw$statistic), u_p = mw$p.value, ordered = ordered)
}

pairs_of <- function(levels) combn(levels, 2, simplify = FALSE)

adjusted <- function(p) lapply(c(holm = "holm", bh = "BH", by = "BY", bonferroni = "bonferroni", none = "none"),
                               function(m) p.adjust(p, m))

design_pair <- function(design, y, h, first, second) {
  # survey: svyttest on the domain of the two groups; R's difference is second level minus first.
  d <- design
  d$variables$y_ <- d$variables[[y]]
  d$variables$h_ <- factor(d$variables[[h]], levels = c(second, first))
  d <- subset(d, !is.na(h_) & !is.na(y_))
  r <- svyttest(y_ ~ h_, d); df <- unname(r$parameter); gap <- unname(r$estimate)
  se <- gap / unname(r$statistic)
  list(gap = gap, se = se, t = unname(r$statistic), df = df, p = as.numeric(r$p.value),
       ci95 = gap + c(-1, 1) * qt(.975, df) * se)
}

design_mean <- function(design, y, h, level) {
  d <- design
  d$variables$y_ <- d$variables[[y]]
  d <- subset(d, d$variables[[h]] %in% level & !is.na(d$variables[[y]]))
  m <- svymean(~y_, d)
  list(mean = as.numeric(coef(m)), se = as.numeric(SE(m)), sd = sqrt(as.numeric(coef(svyvar(~y_, d)))),
       ci95 = as.numeric(confint(m, df = degf(d))))
}

cr2_pair <- function(frame, y, h, cluster, first, second, weight = NULL) {
  d <- frame[frame[[h]] %in% c(first, second) & !is.na(frame[[y]]), ]
  d$h_ <- as.numeric(d[[h]] == first); d$y_ <- d[[y]]
  m <- if (is.null(weight)) lm(y_ ~ h_, data = d) else lm(y_ ~ h_, data = d, weights = d[[weight]])
  r <- coef_test(m, vcov = "CR2", cluster = d[[cluster]], test = "Satterthwaite")[2, ]
  list(gap = r$beta, se = r$SE, t = r$tstat, df = if (is.null(r$df_Satt)) r$df else r$df_Satt,
       p = if (is.null(r$p_Satt)) r$p_val else r$p_Satt)
}

slope <- function(model) {
  s <- summary(model)$coefficients
  list(slope = s[2, 1], se = s[2, 2], t = s[2, 3], p = s[2, 4], df = df.residual(model))
}

svy_r <- function(design, y, x) {
  d <- design
  d$variables$a_ <- d$variables[[y]]; d$variables$b_ <- d$variables[[x]]
  d <- subset(d, !is.na(a_))
  v <- svyvar(~a_ + b_, d); m <- matrix(as.numeric(coef(v)), 2)
  m[1, 2] / sqrt(m[1, 1] * m[2, 2])
}

truth <- list()

# ---- WVS: t-tests, effects, ranks, families -----------------------------------------------------------------------
wvs$score <- match(wvs$poverty, c("Too Little", "About Right", "Too Much"))
countries <- c("Australia", "Norway", "Sweden", "USA")
found <- lapply(pairs_of(countries), function(p) frequency(wvs$score, wvs$country, p[1], p[2], .25))
names(found) <- sapply(pairs_of(countries), paste, collapse = "-")
truth$wvs <- list(pairs = found, adjusted = adjusted(sapply(found, function(f) f$welch$p)))
ages <- sort(unique(as.character(wvs$ages)))
levels_found <- lapply(ages, function(a) frequency(wvs$score, ifelse(wvs$ages == a, "in", "rest"), "in", "rest", .25))
names(levels_found) <- ages
truth$wvs$ages <- levels_found
truth$wvs$ages_adjusted <- adjusted(sapply(levels_found, function(f) f$welch$p))
chi <- chisq.test(table(wvs$country, wvs$religion), correct = FALSE)
truth$wvs$religion <- list(stat = unname(chi$statistic), df = unname(chi$parameter), p = chi$p.value)

# ---- VerbAgg: clusters, CR2, a covariate --------------------------------------------------------------------------
verb$score <- match(verb$resp, c("no", "perhaps", "yes")) - 1
design <- svydesign(~person, data = verb, weights = rep(1, nrow(verb)))
weighted <- svydesign(~person, data = verb, weights = ~w)
kinds <- c("curse", "scold", "shout")
each <- function(f) { r <- lapply(pairs_of(kinds), f); names(r) <- sapply(pairs_of(kinds), paste, collapse = "-"); r }
truth$verbagg <- list(
  design = each(function(p) design_pair(design, "score", "kind", p[1], p[2])),
  weighted = each(function(p) design_pair(weighted, "score", "kind", p[1], p[2])),
  cr2 = each(function(p) cr2_pair(verb, "score", "kind", "person", p[1], p[2])),
  cr2_weighted = each(function(p) cr2_pair(verb, "score", "kind", "person", p[1], p[2], "w")),
  anger = list(
    r = cor(verb$score, verb$anger, use = "complete.obs"),
    plain = slope(lm(score ~ anger, data = verb)),
    design = slope(svyglm(score ~ anger, design)),
    weighted = c(slope(svyglm(score ~ anger, weighted)), r = svy_r(weighted, "score", "anger")),
    cr2 = local({
      d <- verb[!is.na(verb$score), ]
      r <- coef_test(lm(score ~ anger, data = d), vcov = "CR2", cluster = d$person, test = "Satterthwaite")[2, ]
      list(slope = r$beta, se = r$SE, t = r$tstat, df = if (is.null(r$df_Satt)) r$df else r$df_Satt,
           p = if (is.null(r$p_Satt)) r$p_val else r$p_Satt)
    })))

# ---- YRBS: weights, strata, clusters ------------------------------------------------------------------------------
design <- svydesign(~psu, strata = ~stratum, weights = ~weight, data = yrbs, nest = TRUE)
sizes <- c("light", "middle", "heavy")
each3 <- function(levels, f) { r <- lapply(pairs_of(levels), f); names(r) <- sapply(pairs_of(levels), paste, collapse = "-"); r }
d <- subset(design, !is.na(qn8))
rs <- svychisq(~group + qn8, d, statistic = "F")
truth$yrbs <- list(
  pairs = each3(sizes, function(p) design_pair(design, "qn8", "group", p[1], p[2])),
  means = setNames(lapply(sizes, function(s) design_mean(design, "qn8", "group", s)), sizes),
  rao_scott = list(stat = unname(rs$statistic), ndf = unname(rs$parameter[1]), ddf = unname(rs$parameter[2]), p = unname(rs$p.value)))

# ---- api: strata and fpc without clusters; clusters with fpc and a domain without members in some of them ----------
design <- svydesign(~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat)
wide <- svydesign(~1, weights = ~pw, data = strat)
rs <- svychisq(~awards + sch_wide, design, statistic = "F")
truth$apistrat <- list(
  api00 = design_pair(design, "api00", "awards", "No", "Yes"),
  acs_core = design_pair(design, "acs_core", "awards", "No", "Yes"),
  acs_46 = design_pair(design, "acs_46", "awards", "No", "Yes"),
  weights_alone = design_pair(wide, "acs_46", "awards", "No", "Yes"),
  mean = design_mean(design, "api00", "awards", "No"),
  meals = c(slope(svyglm(api00 ~ meals, design)), r = svy_r(design, "api00", "meals")),
  rao_scott = list(stat = unname(rs$statistic), ndf = unname(rs$parameter[1]), ddf = unname(rs$parameter[2]), p = unname(rs$p.value)))
design <- svydesign(~dnum, weights = ~pw, fpc = ~fpc, data = clus)
types <- c("E", "M", "H")
rs <- svychisq(~stype + awards, design, statistic = "F")
high <- subset(design, stype != "E")
# No weights named: R takes them from the fpc.
truth$apistrat$no_weights <- design_pair(svydesign(~1, strata = ~stype, fpc = ~fpc, data = strat), "api00", "awards",
                                         "No", "Yes")
# An ordered logit of a question with 180 different answers.
truth$apistrat$many_answers <- frequency(strat$api00, strat$awards, "No", "Yes", 50)$ordered
truth$apiclus1 <- list(
  api00 = each3(types, function(p) design_pair(design, "api00", "stype", p[1], p[2])),
  acs_core = each3(types[2:3], function(p) design_pair(design, "acs_core", "stype", p[1], p[2])),
  districts_without_high = length(setdiff(clus$dnum, clus$dnum[clus$stype == "H"])),
  where_not_e = design_pair(high, "api00", "awards", "No", "Yes"),
  mean = design_mean(design, "api00", "stype", "H"),
  cr2 = each3(types, function(p) cr2_pair(clus, "api00", "stype", "dnum", p[1], p[2])),
  rao_scott = list(stat = unname(rs$statistic), ndf = unname(rs$parameter[1]), ddf = unname(rs$parameter[2]), p = unname(rs$p.value)))

# ---- noncentral t and other corners -------------------------------------------------------------------------------
truth$power <- lapply(c(3, 10, 43, 160, 550, 1e5), function(df) list(df = df, ncp = power_ncp(df)))

write(toJSON(truth, digits = NA, auto_unbox = TRUE, pretty = TRUE, null = "null"), "truth.json")
writeLines(grep("^(Running under|Matrix products|BLAS|LAPACK|locale|time zone)|^ \\[|LC_", capture.output(sessionInfo()),
                invert = TRUE, value = TRUE), "session.txt")
